Attribute VB_Name = "Ribbon"
Option Explicit

' The tab's callbacks. Their names begin with Kamxl, because Excel looks for a callback by its bare
' name in other open projects, too. No workbook is looked at here or in the module xlwings:
' which one is meant, the started Python asks Excel, and it must work without any.

Public Sub KamxlPress(control As IRibbonControl)
    Select Case control.ID
        Case @buttons@
            #If Mac Then
                ExecuteMac control.ID & "|" & KamxlLanguage()
            #Else
                RunPython control.ID & " " & KamxlLanguage()
            #End If
    End Select
End Sub

Public Sub KamxlLabel(control As IRibbonControl, ByRef returnedVal)
    returnedVal = KamxlText(control.ID & ".label")
End Sub

Public Sub KamxlKeytip(control As IRibbonControl, ByRef returnedVal)
    returnedVal = KamxlText(control.ID & ".keytip")
End Sub

Public Sub KamxlScreentip(control As IRibbonControl, ByRef returnedVal)
    returnedVal = KamxlText(control.ID & ".screentip")
End Sub

Public Sub KamxlSupertip(control As IRibbonControl, ByRef returnedVal)
    returnedVal = KamxlText(control.ID & ".supertip")
End Sub

Public Sub KamxlTell(key As String, Optional details As String = "")
    ' One sentence with what to do, in the language of Excel.
    Dim sentence As String
    sentence = KamxlText("messages." & key)
    If details <> "" Then sentence = sentence & vbLf & vbLf & KamxlText("messages.details") & " " & details
    MsgBox sentence, vbExclamation, KamxlText("messages.title")
End Sub

Public Function KamxlText(key As String) As String
    KamxlText = WordsOf(KamxlLanguage(), key)
End Function

Public Function KamxlLanguage() As String
    ' Excel's own language; where Excel does not tell it (macOS), that of the country it was made for.
    Dim language As Long, country As Long
    On Error Resume Next
    language = Application.LanguageSettings.LanguageID(msoLanguageIDUI)
    If language = 0 Then country = Application.International(xlCountryCode)
    On Error GoTo 0
    KamxlLanguage = LanguageOf(language, country)
End Function
